import { reasonStatus } from '../words/status-text.ts'

// Statuses as programs name them: `HttpStatus.NOT_FOUND`, `http.StatusNotFound`, `StatusCode::CONFLICT`,
// `HTTP_409_CONFLICT`, `status: :not_found`.

const NUMBERED = /HTTP_([45]\d\d)(?!\d)/
const NAMED =
  /(?<![a-zA-Z])(?:\w{1,40}\.)?(?:https?_?)?(?:response_?)?status(?:_?codes?)?(?:\.|::|_|(?=[A-Z]))(?:\w+\.)?([A-Za-z_]{3,60})|status\w*["']?\s*(?::|=>?)\s*:?["']?([a-z_]{3,60})["']?|\bSC_([A-Z_]{3,60})|\bHTTP_([A-Z_]{3,60})/gi

export function symbolicStatus(program: string): number | null {
  const [, number] = NUMBERED.exec(program) ?? []
  if (number !== undefined) return Number(number)
  for (const found of program.matchAll(NAMED)) {
    const name = found.slice(1).find((each) => each !== undefined) ?? ''
    const words = name
      .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
      .replace(/_/g, ' ')
      .toLowerCase()
      .trim()
    const status = reasonStatus(words)
    if (status !== null && status >= 400) return status
  }
  return null
}
