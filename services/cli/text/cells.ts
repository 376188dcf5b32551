// How texts stand on a terminal: some characters take two cells, some none.

const segments = new Intl.Segmenter()
/** The scripts share signs like · with others, where they take one. */
const WIDE =
  /^(\p{Emoji_Presentation}|\p{RI}|[\u1100-\u115f]|(?=[\u2e80-\u{3ffff}])(\p{scx=Han}|\p{scx=Hiragana}|\p{scx=Katakana}|\p{scx=Hangul})|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6])|\ufe0f/u
const EMPTY = /^[\p{Mn}\p{Me}\p{Cf}]+$/u

const widthOf = (segment: string): number => {
  if (EMPTY.test(segment)) return 0
  return WIDE.test(segment) ? 2 : 1
}
const ASCII = /^[\x20-\x7e]*$/

/** How many cells a text takes. */
export function cells(text: string): number {
  if (ASCII.test(text)) return text.length
  let sum = 0
  for (const { segment } of segments.segment(text)) sum += widthOf(segment)
  return sum
}

export const padded = (text: string, width: number, align: 'left' | 'right' = 'left'): string => {
  const space = ' '.repeat(Math.max(0, width - cells(text)))
  return align === 'left' ? text + space : space + text
}

/** Cut in the middle to fit: both ends of a code or an id tell more than its beginning alone. */
export function shortened(text: string, width: number): string {
  if (cells(text) <= width) return text
  const parts = [...segments.segment(text)].map(({ segment }) => segment)
  const room = Math.max(0, width - 1)
  const head = taken(parts, Math.ceil(room / 2))
  const tail = taken(parts.toReversed(), room - cells(head.join('')))
  return `${head.join('')}…${tail.toReversed().join('')}`
}

function taken(parts: string[], room: number): string[] {
  let used = 0
  const end = parts.findIndex((part) => {
    used += widthOf(part)
    return used > room
  })
  return end === -1 ? parts : parts.slice(0, end)
}
