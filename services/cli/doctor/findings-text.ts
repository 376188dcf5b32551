import { indented } from '../text/labelled.ts'
import { paint, plain, type Style } from '../text/terminal.ts'
import type { Finding } from './finding.ts'

const STYLE: Record<Finding['status'], Style> = { ok: 'green', warn: 'yellow', fail: ['red', 'bold'] }

const INDENT = 20

/** A line or two each: what was found, and what to do about it. */
export const findingsText = (findings: Finding[]): string => findings.flatMap(lines).join('\n')

const lines = ({ check, status, found, advice }: Finding): string[] => [
  ...indented(`${paint(STYLE[status], status.padEnd(4))}  ${check.padEnd(14)}`, INDENT, plain(found)),
  ...(advice === null ? [] : indented(`${' '.repeat(INDENT - 2)}→ `, INDENT, plain(advice))),
]
