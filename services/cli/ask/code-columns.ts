import type { ListedCode } from '../../api/routes/codes.ts'
import type { Column } from '../text/table.ts'
import type { Style } from '../text/terminal.ts'

type Judged = Pick<ListedCode, 'code' | 'provider' | 'status' | 'retry' | 'standing' | 'has_catalog'>

const LEAST_CODE = 19
/** Both ends of a name tell it from others; with this much, the trend still fits into 80 cells beside the verdicts. */
const LEAST_PROVIDER = 12

/** A code and its verdict, with what is counted between them. */
export const codeColumns = <Row extends Judged>(...counted: Column<Row>[]): Column<Row>[] => [
  { title: 'CODE', text: ({ code }) => code || '(no code)', least: LEAST_CODE, style: () => 'bold' },
  { title: 'PROVIDER', text: ({ provider }) => provider, least: LEAST_PROVIDER },
  { title: 'HTTP', text: ({ status }) => (status === 0 ? '–' : String(status)), align: 'right' },
  ...counted,
  { title: 'RETRY', text: ({ retry }) => retry, style: ({ retry }) => RETRY_STYLE[retry] },
  {
    title: 'STANDING',
    text: standingOf,
    spare: 1,
    style: ({ standing }) => STANDING_STYLE[standing],
  },
]

/** A code cannot be in a catalog that is not there. */
const standingOf = ({ standing, has_catalog }: Judged) =>
  standing === 'unknown' && !has_catalog ? 'no catalog' : standing

const RETRY_STYLE: Partial<Record<ListedCode['retry'], Style>> = { never: 'red', unknown: 'yellow' }
const STANDING_STYLE: Partial<Record<ListedCode['standing'], Style>> = {
  unknown: 'yellow',
  mismatched: 'yellow',
  deprecated: 'yellow',
  uncoded: 'dim',
}
