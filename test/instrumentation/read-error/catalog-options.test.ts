import { expect, test } from 'vitest'
import { readError } from '../../../services/instrumentation/read-error.ts'

const body = {
  outcome: { 'a/b': { id: 'E-17' }, words: 'No.', reference: 'R-9', more: { field: 'x' } },
  error: { code: 'LOOKS_LIKE_IT', message: 'but is not' },
  request_id: 'other',
}

test('a catalog’s pointers win over what can be seen', () => {
  const envelope = {
    code: '/outcome/a~1b/id',
    message: '/outcome/words',
    request_id: '/outcome/reference',
    details: '/outcome/more',
  }
  expect(readError({ status: 400, body: JSON.stringify(body) }, { envelope })).toMatchObject({
    code: 'E-17',
    message: 'No.',
    requestId: 'R-9',
    details: { field: 'x' },
  })
})

test('where they point at nothing, or something that is no text, the rest is read as ever', () => {
  const envelope = { code: '/outcome', message: '/nowhere/deep', request_id: '/outcome/5', details: '/none' }
  expect(readError({ status: 400, body }, { envelope })).toMatchObject({
    code: 'LOOKS_LIKE_IT',
    message: 'but is not',
    requestId: 'other',
    details: null,
  })
})

test('a catalog may say that a number is the code, though it looks like a status', () => {
  const one = { status: 404, body: '{"code":404,"message":"x"}' }
  expect(readError(one)?.code).toBeNull()
  expect(readError(one, { envelope: { code: '/code' } })?.code).toBe('404')
})
