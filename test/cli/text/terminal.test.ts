import { describe, expect, test } from 'vitest'
import { plain, wrap } from '../../../services/cli/text/terminal.ts'

describe('plain', () => {
  test('nothing in a foreign text acts on a terminal', () => {
    expect(plain('\u001b[2J\u001b]0;title\u0007gone')).toBe('␛[2J␛]0;title␇gone')
    expect(plain('a\nb\tc')).toBe('a b c')
    expect(plain('\u009b31m')).toBe('\ufffd31m')
    expect(plain('user\u202etxt.exe')).toBe('user\ufffdtxt.exe')
  })

  test('letters of every script stay', () => {
    expect(plain('Überlauf – 残高不足 🚫')).toBe('Überlauf – 残高不足 🚫')
  })
})

describe('wrap', () => {
  test('breaks between words, and within one that is longer than a line', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three'])
    expect(wrap('abcdefghij kl', 4)).toEqual(['abcd', 'efgh', 'ij', 'kl'])
    expect(wrap('', 10)).toEqual([''])
  })
})
