import type { Up } from '../e2e/up.ts'

/** What a process says of itself now, by name; of all label sets together. */
export async function metricsOf({ url }: Up) {
  const text = await (await fetch(`${url}/metrics`)).text()
  return (name: string, together = (a: number, b: number) => a + b): number =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))]
      .map(([, value]) => Number(value))
      .reduce(together, 0)
}
