import { styleText } from 'node:util'

export type Style = Parameters<typeof styleText>[0]

/** Colour for a terminal that wants it; Node looks at the stream, NO_COLOR and FORCE_COLOR. */
export const paint = (style: Style, text: string): string =>
  styleText(style, text, { stream: process.stdout, validateStream: true })

const WIDEST = 80
/** For prose; longer lines are hard to read. */
export const columns = (): number => Math.min(process.stdout.columns ?? WIDEST, WIDEST)
/** For tables. */
export const tableColumns = (): number => process.stdout.columns ?? WIDEST

// Control characters could rewrite what stands on a terminal, and turned text direction disguise it.
const UNSAFE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/** Text that came from outside, fit for a terminal: one line, and nothing in it acts. */
export const plain = (text: string): string =>
  text.replace(/[\n\t]/g, ' ').replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) as number
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : '\ufffd'
  })

/** Lines of at most `width`, broken between words, or within one that is longer than a line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
    for (; line.length > width; line = line.slice(width)) lines.push(line.slice(0, width))
  }
  return [...lines, line]
}
