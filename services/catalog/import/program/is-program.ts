// Is a whole page the source of a program? Its lines end as lines of programs do, and some begin with words that only
// programs begin with.

const BEGINS =
  /^\s*(?:package\s+[\w.]+;?$|import\s+[\w.*{"'(]|from\s+[\w.]+\s+import\b|using\s+[\w.]+;|namespace\s+[\w\\.]+|module\s+[\w:.]+|use\s+[\w:\\]+|<\?php|#include\b|(?:(?:export|public|pub|internal|abstract|final|sealed|declare|default)\s+)*(?:enum|class|struct|interface|trait|impl|const|type|object|record|func|fn|def|function|defmodule|defexception|var|let|val)\b.*[\w({[:=,;>]\s*$)/
/** A module of nothing but constants: `NOT_FOUND = 'NotFound'`. */
const CONSTANT = /^\s*[A-Z][A-Z\d_]{2,80}\s?=\s?["'][\w.:/-]{1,120}["'];?\s*$/
const LEAST_CONSTANTS = 5
const ENDS = /(?:[;{}()[\],:=|]|=>|\bdo|\bend)\s*$|^\s*(?:\/\/|\/?\*|#|--|@\w|"""|'''|\||\?>)/
const MOST = 0.7
const SAMPLE = 400

export function isProgram(lines: readonly string[]): boolean {
  const filled = lines.slice(0, SAMPLE).filter((line) => line.trim() !== '')
  // Markdown that shows programs.
  if (filled.length < 3 || filled.some((line) => /^\s*(?:`{3}|~{3})/.test(line))) return false
  const begins = (line: string) => line.length < 200 && BEGINS.test(line)
  if (!filled.some(begins) && filled.filter((line) => CONSTANT.test(line)).length < LEAST_CONSTANTS)
    return false
  const ends = filled.filter(
    (line) => ENDS.test(line) || /^\s*[\w$.]+\s*(?::=|[+|]?=)\s*\S/.test(line),
  ).length
  return ends >= filled.length * MOST
}
