import { isIP } from 'node:net'
import { z } from 'zod'

// The kinds of value that a setting may have, as a person writes them in a flag, the environment or the file.

const KiB = 1024
export const MiB = 1024 * KiB
export const GiB = 1024 * MiB
const BYTE_UNITS: Record<string, number> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, kib: KiB, mib: MiB, gib: GiB }
const DAY_UNITS: Record<string, number> = { d: 1, w: 7, y: 365 }

/** A number, or one with a unit after it: 20MiB, 30d. */
function amount(units: Record<string, number>, least: number, hint: string) {
  return z.union([z.number(), z.string()], hint).transform((value, context) => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(String(value).trim()) ?? []
    const number = Number(digits) * (unit ? units[unit.toLowerCase()] : 1)
    if (Number.isSafeInteger(number) && number >= least) return number
    context.addIssue(hint)
    return z.NEVER
  })
}
export const bytes = (leastMiB: number, example: string) =>
  amount(
    BYTE_UNITS,
    leastMiB * MiB,
    `give bytes, with a unit if you like (${example}), ${leastMiB}MiB or more`,
  )
export const days = () => amount(DAY_UNITS, 1, 'give whole days: 30, 30d, 4w or 1y')
export const count = (least: number) => amount({}, least, `give a whole number, ${least} or more`)

export const port = () =>
  amount({}, 0, 'give a port from 0 to 65535 (0 takes any free one)').refine(
    (value) => value <= 65_535,
    'give a port from 0 to 65535 (0 takes any free one)',
  )
export const text = (hint: string) => z.string(hint).trim().min(1, hint)
/** A list in the file; in one string its parts stand between separators. */
export const list = (separator: string, hint: string) =>
  z
    .union([z.array(text(hint)), text(hint)], hint)
    .transform((value) => (typeof value === 'string' ? value.split(separator).filter(Boolean) : value))
export const flag = () =>
  z
    .union([z.boolean(), z.enum(['true', 'false', '1', '0'])], 'give true or false')
    .transform((value) => value === true || value === 'true' || value === '1')
export const isHttpUrl = (value: string) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
export const httpUrl = (hint: string) => text(hint).refine(isHttpUrl, hint)

const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/
export const host = () =>
  text('give an address').refine(
    (value) => isIP(value) !== 0 || HOST_NAME.test(value),
    'give an address of this machine, like 127.0.0.1, ::1 or 0.0.0.0, or its name, without a port',
  )
/** Of what is no address at all, others complain. */
export const hasNoCredentials = (value: string) => {
  const url = URL.parse(value)
  return !url?.username && !url?.password
}
