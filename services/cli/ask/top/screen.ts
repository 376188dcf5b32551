// A terminal that is drawn on in place. The alternate screen leaves what stood on it as it was.

// With no cursor to be seen, and lines cut and not broken at the edge: until the next drawing one may be too long.
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l'
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l'
const HOME = '\u001b[H'
const CLEAR_LINE = '\u001b[K'
const CLEAR_BELOW = '\u001b[J'
const CTRL_C = '\u0003'
const CTRL_Z = '\u001a'

export interface Screen {
  size(): { columns: number; rows: number }
  draw(lines: string[]): void
  /** Gives the terminal back as it was. */
  leave(): void
}

/** Takes over the terminal: `again` is called when what is shown must be drawn anew, `end` when somebody wants to go. */
export function enterScreen(again: () => void, end: () => void): Screen {
  const { stdin, stdout } = process
  const onResize = () => again()
  const onKey = (key: string) => {
    if (key === 'q' || key === 'Q' || key.includes(CTRL_C)) end()
    else if (key === CTRL_Z) suspend()
  }
  const enter = () => {
    stdout.write(ENTER)
    if (stdin.isTTY) stdin.setRawMode(true)
  }
  const restore = () => {
    if (stdin.isTTY) stdin.setRawMode(false)
    stdout.write(LEAVE)
  }
  // In raw mode the terminal leaves that to us. The whole job, for a launcher may stand above this process.
  const suspend = () => {
    restore()
    process.once('SIGCONT', () => {
      enter()
      again()
    })
    process.kill(0, 'SIGTSTP')
  }

  enter()
  process.on('exit', restore)
  stdout.on('resize', onResize)
  if (stdin.isTTY) stdin.setEncoding('utf8').on('data', onKey).resume()
  return {
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    draw(lines) {
      const shown = lines.slice(0, stdout.rows || lines.length)
      stdout.write(HOME + shown.map((line) => CLEAR_LINE + line).join('\r\n') + CLEAR_BELOW)
    },
    leave() {
      process.off('exit', restore)
      stdout.off('resize', onResize)
      stdin.off('data', onKey).pause()
      restore()
    },
  }
}
