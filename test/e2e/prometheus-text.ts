export interface Family {
  name: string
  type: string
  help: string
  samples: { name: string; labels: Record<string, string>; value: number }[]
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y
const NUMBER = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan|[+-]?inf)$/i
/** What the samples of a type may add to the name of their family. */
const SUFFIXES: Record<string, RegExp> = {
  counter: /^$/,
  gauge: /^$/,
  histogram: /^(_bucket|_sum|_count)$/,
  summary: /^(|_sum|_count)$/,
}

/** Prometheus' text format, taken at its word; throws at the first line that is not of it. */
export function parseMetrics(text: string): Family[] {
  const families = new Map<string, Family>()
  const series = new Set<string>()
  let family: Family | undefined
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  for (const line of text.split('\n')) {
    const fail = (why: string): never => {
      throw new Error(`${why}: ${line}`)
    }
    if (line === '') continue
    const [, kind, of, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? []
    if (kind === 'HELP') {
      if (families.has(of) || !NAME.test(of)) fail('a family twice, or no name')
      family = { name: of, help: rest, type: '', samples: [] }
      families.set(of, family)
    } else if (kind === 'TYPE') {
      if (family?.name !== of || family.type !== '' || !(rest in SUFFIXES)) fail('a type where none belongs')
      else family.type = rest
    } else {
      const [, name, inside = '', value] = SAMPLE.exec(line) ?? fail('no sample')
      if (family === undefined || !name.startsWith(family.name)) return fail('a sample outside its family')
      if (!SUFFIXES[family.type]?.test(name.slice(family.name.length))) fail(`no sample of a ${family.type}`)
      if (!NUMBER.test(value)) fail('no number')
      const labels = labelsOf(inside) ?? fail('labels that cannot be read')
      const key = `${name} ${JSON.stringify(Object.entries(labels).sort())}`
      if (series.has(key)) fail('a series twice')
      series.add(key)
      family.samples.push({
        name,
        labels,
        value: /inf/i.test(value) ? Number.POSITIVE_INFINITY : Number(value),
      })
    }
  }
  return [...families.values()]
}

function labelsOf(inside: string): Record<string, string> | undefined {
  const labels: Record<string, string> = {}
  LABEL.lastIndex = 0
  while (LABEL.lastIndex < inside.length) {
    const match = LABEL.exec(inside)
    if (match === null || match[1] in labels) return undefined
    labels[match[1]] = match[2].replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c))
  }
  return labels
}
