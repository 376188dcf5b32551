import { cells, shortened } from '../../text/cells.ts'
import { counted, number } from '../../text/numbers.ts'
import { sparkline } from '../../text/sparkline.ts'
import { table } from '../../text/table.ts'
import { paint, plain, type Style } from '../../text/terminal.ts'
import { codeColumns } from '../code-columns.ts'
import { change, type Top, type TopRow } from './compare.ts'

const ROOMY = 100

/** What is shown at one time: two lines on the whole, then the codes that there is room for. */
export function frame(
  top: Top,
  { columns, rows }: { columns: number; rows: number },
  from: string,
): string[] {
  const { codes, minutes, now, before, at } = top
  const undocumented = codes.filter(({ standing, now }) => standing === 'unknown' && now > 0).length
  const head = [
    line([`telltale top`, plain(from), `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`], columns, 'bold'),
    line(
      [
        `${counted(now, 'error')} in the last ${minutes} min`,
        `${number(before)} in the ${minutes} before`,
        undocumented === 0 ? 'nothing undocumented' : `${counted(undocumented, 'code')} in no catalog`,
      ],
      columns,
    ),
    '',
  ]
  if (codes.length === 0) return [...head, shortened(`No error in ${minutes * 2} minutes.`, columns)]

  const room = rows - head.length - 1
  // One line of what there is room for says what there is no room for.
  const shown = codes.length <= room ? codes : codes.slice(0, Math.max(1, room - 1))
  const left = codes.length - shown.length
  const trends = codeColumns<TopRow>(
    { title: 'NOW', text: ({ now }) => number(now), align: 'right', style: () => 'bold' },
    { title: 'BEFORE', text: ({ before }) => number(before), align: 'right', spare: 2 },
    {
      title: 'CHANGE',
      text: (row) => change(row, top),
      align: 'right',
      spare: 4,
      style: (row) => CHANGE_STYLE(change(row, top)),
    },
    { title: 'TREND', text: ({ trend }) => sparkline(trend, columns < ROOMY ? 5 : 12), spare: 3 },
  )
  return [
    ...head,
    ...table(trends, shown, columns),
    ...(left === 0 ? [] : [paint('dim', shortened(`… and ${left} more`, columns))]),
  ]
}

/** Parts side by side, as many of them as fit. */
function line(parts: string[], columns: number, style?: Style): string {
  const fitting = [...parts]
  while (fitting.length > 1 && cells(fitting.join(' · ')) > columns) fitting.splice(1, 1)
  const text = shortened(fitting.join(' · '), columns)
  return style ? paint(style, text) : text
}

const CHANGE_STYLE = (change: string): Style | undefined => {
  if (change === 'new' || change.startsWith('×')) return 'red'
  return change === 'gone' || change.startsWith('−') ? 'green' : undefined
}
