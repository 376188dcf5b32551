import type { CodeRow } from '../store/queries/codes.ts'
import type { Column } from './table.ts'
import type { Style } from './terminal.ts'

type Judged = Pick<CodeRow, 'code' | 'provider' | 'status' | 'retry' | 'standing'>

const LEAST_CODE = 19
const LEAST_PROVIDER = 9

/** A code and its verdict, with what is counted between them. */
export const codeColumns = <Row extends Judged>(...counted: Column<Row>[]): Column<Row>[] => [
  { title: 'CODE', text: ({ code }) => code || '(no code)', least: LEAST_CODE, style: () => 'bold' },
  { title: 'PROVIDER', text: ({ provider }) => provider, least: LEAST_PROVIDER },
  { title: 'HTTP', text: ({ status }) => (status === 0 ? '–' : String(status)), align: 'right' },
  ...counted,
  { title: 'RETRY', text: ({ retry }) => retry, style: ({ retry }) => RETRY_STYLE[retry] },
  {
    title: 'STANDING',
    text: ({ standing }) => standing,
    spare: 1,
    style: ({ standing }) => STANDING_STYLE[standing],
  },
]

const RETRY_STYLE: Partial<Record<CodeRow['retry'], Style>> = { never: 'red', unknown: 'yellow' }
const STANDING_STYLE: Partial<Record<CodeRow['standing'], Style>> = {
  unknown: 'yellow',
  mismatched: 'yellow',
  deprecated: 'yellow',
  uncoded: 'dim',
}
