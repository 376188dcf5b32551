import { cells, padded, shortened } from './cells.ts'
import { paint, plain, type Style } from './terminal.ts'

export interface Column<Row> {
  title: string
  text: (row: Row) => string
  align?: 'right'
  /** May be cut in the middle down to so many cells; other columns stay whole. */
  least?: number
  /** Left out where all the others do not fit: the one with the highest number first. */
  spare?: number
  style?: (row: Row) => Style | undefined
}

const GAP = '  '
/** Of columns that can be cut, on a terminal too narrow for anything. */
const LEAST = 3

/** Lines of at most `width` cells, the first of them the titles. Texts are made harmless here. */
export function table<Row>(columns: Column<Row>[], rows: Row[], width: number): string[] {
  const texts = columns.map(({ text }) => rows.map((row) => plain(text(row))))
  const wanted = columns.map(({ title }, at) => Math.max(cells(title), ...texts[at].map(cells)))
  const shown = fitting(columns, wanted, width)

  const line = (cellOf: (at: number) => string, styleOf: (at: number) => Style | undefined) =>
    shown
      .map(({ at, width }, place) => {
        const text = shortened(cellOf(at), width)
        const { align } = columns[at]
        // No space at the end of lines.
        const full = place === shown.length - 1 && !align ? text : padded(text, width, align)
        const style = styleOf(at)
        return style ? paint(style, full) : full
      })
      .join(GAP)

  return [
    line(
      (at) => columns[at].title,
      () => 'dim',
    ),
    ...rows.map((row, index) =>
      line(
        (at) => texts[at][index],
        (at) => columns[at].style?.(row),
      ),
    ),
  ]
}

interface Place {
  at: number
  width: number
}

/** Which columns are shown and how wide: as wanted, else cut, else without those that can be spared. */
function fitting<Row>(columns: Column<Row>[], wanted: number[], width: number): Place[] {
  let places = columns.map((_, at) => ({ at, width: wanted[at] }))
  const least = ({ at, width }: Place) => Math.min(columns[at].least ?? width, width)
  const total = (widthOf: (place: Place) => number) =>
    places.reduce((sum, place) => sum + widthOf(place), 0) + GAP.length * (places.length - 1)

  while (total(least) > width) {
    const spare = Math.max(...places.map(({ at }) => columns[at].spare ?? 0))
    if (spare === 0) break
    places = places.filter(({ at }) => columns[at].spare !== spare)
  }
  for (let over = total((place) => place.width) - width; over > 0; over--) {
    const cuttable = places.filter(({ at, width }) => columns[at].least !== undefined && width > LEAST)
    const roomy = cuttable.filter((place) => place.width > least(place))
    const [widest] = (roomy.length > 0 ? roomy : cuttable).sort((a, b) => b.width - a.width)
    if (widest === undefined) break
    widest.width--
  }
  return places
}
