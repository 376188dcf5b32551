/** An answer as it came over HTTP; of a body alone, only that is known. */
export interface HttpAnswer {
  status?: number
  headers: Record<string, string[]>
  body: string
}

const STATUS_LINE = /^HTTP\/\d(?:\.\d)? (\d{3})[^\n]*\n/

/** Reads what `curl -i` prints: blocks of a status line and headers (redirects, 100 Continue), the last one's body. */
export function readHttpAnswer(text: string): HttpAnswer {
  let answer: HttpAnswer = { headers: {}, body: text }
  for (let start = STATUS_LINE.exec(text); start !== null; start = STATUS_LINE.exec(answer.body)) {
    const rest = answer.body.slice(start[0].length)
    const end = /(^|\n)\r?\n/.exec(rest)
    const head = end === null ? rest : rest.slice(0, end.index)
    const body = end === null ? '' : rest.slice(end.index + end[0].length)
    answer = { status: Number(start[1]), headers: headersOf(head.split('\n')), body }
  }
  return answer
}

/** `Name: value` each; what is none is left out. */
export function headersOf(lines: string[]): Record<string, string[]> {
  const headers: Record<string, string[]> = {}
  for (const line of lines) {
    const [, name, value] = HEADER.exec(line.trim()) ?? []
    if (name) headers[name.toLowerCase()] = [...(headers[name.toLowerCase()] ?? []), value]
  }
  return headers
}

export const HEADER = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/
