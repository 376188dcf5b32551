import { candidateCode } from './candidate-code.ts'
import { idOf, isCodeAllowed, isMessageOf, placeOf, type Speech } from './code-place.ts'
import { isFailureByNumber, isSignOfFailure } from './failure-sign.ts'
import { type KeyMeaning, meaningOf } from './key-meaning.ts'
import { waitMs } from './moment.ts'
import { tolerantJson } from './tolerant-json.ts'
import { elementsOf, fieldOf, isList, keysOf, type Node, valueAt, Walk } from './tree.ts'

/** What a body says, the best of each kind that was found. */
export interface BodyReading {
  code: string | null
  /** How sure the code's place was, see key-meaning.ts. */
  codeCost: number
  message: string | null
  requestId: string | null
  /** 0 for a request id as such, more for what only correlates. */
  requestIdCost: number
  retryAfterMs: number | null
  shouldRetry: boolean | null
  details: unknown
  /** The body itself says that the call failed, whatever the status. */
  failed: boolean
}

/** A body in a body in a body … */
const MOST_NESTED = 3
const LONGEST_MESSAGE = 2048
const LONGEST_ID = 256
/** What a body says of its success far from its top is about something else. */
const SIGN_COST = 60

interface Best<T> {
  cost: number
  value: T
}

export function readTree(root: unknown, status: number, now: number): BodyReading {
  const reader = new TreeReader(root, status, now)
  return reader.read()
}

/** One walk over one body. */
class TreeReader {
  private readonly walk: Walk
  private readonly status: number
  private readonly now: number
  private readonly code = best<{ text: string; placeCost: number }>()
  private readonly message = best<string>()
  private readonly requestId = best<string>()
  private readonly wait = best<number>()
  private readonly details = best<object>()
  private shouldRetry: boolean | null = null
  private failed = false
  private nested = 0

  constructor(root: unknown, status: number, now: number) {
    this.walk = new Walk(unwrapped(root))
    this.status = status
    this.now = now
  }

  read(): BodyReading {
    for (let node = this.walk.take(); node !== undefined; node = this.walk.take()) this.readNode(node)
    const code = this.code.value?.text ?? null
    const message = this.message.value ?? null
    return {
      code,
      codeCost: this.code.value?.placeCost ?? Number.POSITIVE_INFINITY,
      message: message === code ? null : message,
      requestId: this.requestId.value ?? null,
      requestIdCost: Math.floor(this.requestId.cost),
      retryAfterMs: this.wait.value ?? null,
      shouldRetry: this.shouldRetry,
      details: this.details.value ?? null,
      failed: this.failed,
    }
  }

  private readNode(node: Node): void {
    const keys = keysOf(node.object)
    const values = keys.map((key) => valueAt(node.object, key))
    const meanings = keys.map(meaningOf)
    const speaks = speaking(values, meanings)
    for (let i = 0; i < keys.length; i++) this.readField(node, keys[i]!, values[i], meanings[i]!, speaks)
    if (!this.failed && node.cost <= 3) this.failed = isFailureByNumber(node.object)
  }

  private readField(node: Node, key: string, value: unknown, meaning: KeyMeaning, speaks: Speech): void {
    if (value === null || value === undefined) return
    if (!this.failed && node.cost < SIGN_COST && node.zone === 'error') {
      this.failed = isSignOfFailure(key, value, meaning)
    }
    if (meaning.wait !== null) this.readWait(node, value, meaning)
    if (typeof value === 'string' || typeof value === 'number') {
      this.readValue(node, key, value, meaning, speaks)
    } else if (typeof value === 'boolean') {
      if (meaning.retry) this.shouldRetry ??= value
    } else if (typeof value === 'object') {
      this.readObject(node, key, value, meaning, speaks)
    }
  }

  private readValue(
    node: Node,
    key: string,
    value: string | number,
    meaning: KeyMeaning,
    speaks: Speech,
  ): void {
    const { cost } = node
    const place = placeOf(node, key, meaning)
    if (place !== null && isCodeAllowed(node, place, value, speaks)) {
      const candidate = candidateCode(value, place.form, place.cost, this.status)
      if (candidate !== null) {
        const placeCost = place.cost + candidate.cost
        offer(this.code, cost + placeCost, { text: candidate.text, placeCost })
      }
      if (candidate === null && place.form === 'id') this.offerId(4, value, 12)
    }
    this.readRequestId(node, key, value, meaning)
    if (meaning.retry && (value === 'true' || value === 'false')) this.shouldRetry ??= value === 'true'
    if (typeof value !== 'string') return
    const messageCost = isMessageOf(node, key) ? 0 : meaning.message
    if (messageCost !== null && node.zone !== 'other') {
      const isNested = this.readNested(node, key, value)
      const text = value.trim()
      if (text !== '')
        offer(this.message, cost + messageCost + (isNested ? 40 : 0), text.slice(0, LONGEST_MESSAGE))
    } else if (meaning.container === 'wrapper') this.readNested(node, key, value)
  }

  /** A body that was put into a body as a text. */
  private readNested(node: Node, key: string, value: string): boolean {
    const start = value.slice(0, 256).search(/[{[]\s*[{"]/)
    if (start < 0 || this.nested >= MOST_NESTED) return false
    const tree = tolerantJson(value, start)
    if (typeof tree !== 'object' || tree === null) return false
    this.nested++
    this.walk.addChild(tree, key, node, 'error')
    return true
  }

  private readRequestId(node: Node, key: string, value: string | number, meaning: KeyMeaning): void {
    const { cost } = node
    const idCost = meaning.requestId ?? (/^id$/i.test(key) ? idOf(node) : null)
    if (idCost !== null) {
      // A transaction or an event elsewhere than at the error may be what the call was about.
      if (idCost < 2 || node.zone !== 'other' || cost < 40)
        this.offerId(idCost + Math.min(cost, 99) / 100, value, 1)
    } else if (/^instance$/i.test(key) && typeof value === 'string' && node.zone === 'error') {
      // A problem's instance is an address, but some put their id there.
      const id = value.replace(/^urn:(?:uuid:)?/, '')
      if (!id.includes('/')) this.offerId(20, id, 8)
    } else if (/^id$/i.test(key) && node.depth === 0 && fieldOf(node.object, 'jsonrpc') !== undefined) {
      this.offerId(30, value, 1)
    }
  }

  private offerId(cost: number, value: string | number, shortest: number): void {
    const id = String(value).trim()
    if (id.length < shortest || id.length > LONGEST_ID || /\s/.test(id) || id === 'null') return
    offer(this.requestId, cost, id)
  }

  private readWait(node: Node, value: unknown, { wait }: KeyMeaning): void {
    const ms = waitMs(isWait(value) ? protobufSeconds(value) : value, wait!, this.now)
    if (ms !== null) offer(this.wait, node.cost, ms)
  }

  private readObject(node: Node, key: string, value: object, meaning: KeyMeaning, speaks: Speech): void {
    const { container, details } = meaning
    if (details !== null && node.zone === 'error' && keysOf(value).length > 0) {
      offer(this.details, node.cost * 10 + details, value)
    }
    if (isList(value)) {
      const [first] = elementsOf(value)
      // A list under the name of a code is about a field of that name: { "code": ["is too short"] }.
      if (typeof first === 'string' && meaning.code?.form !== 'explicit')
        this.readValue(node, key, first, meaning, speaks)
    }
    this.walk.addChild(value, key, node, container)
  }
}

const best = <T>(): Best<T | undefined> => ({ cost: Number.POSITIVE_INFINITY, value: undefined })

function offer<T>(to: Best<T | undefined>, cost: number, value: T): void {
  if (cost >= to.cost) return
  to.cost = cost
  to.value = value
}

/** `{ "anything": { … } }`: the one field is an envelope, whatever it is called. */
function unwrapped(root: unknown): unknown {
  if (typeof root !== 'object' || root === null || isList(root)) return root
  const keys = keysOf(root)
  const only = keys.length === 1 ? valueAt(root, keys[0]!) : null
  if (typeof only !== 'object' || only === null || isList(only)) return root
  const { container } = meaningOf(keys[0]!)
  return container === null || container === 'inner' ? only : root
}

/** Are there words for a person beside a field, and under a sure name? */
function speaking(values: unknown[], meanings: KeyMeaning[]): Speech {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < values.length; i++) {
    const { message } = meanings[i]!
    if (message !== null && message < least && typeof values[i] === 'string') least = message
  }
  return least === 0 ? 'surely' : least <= 2 ? 'somehow' : 'no'
}

const isWait = (value: unknown): value is object => typeof value === 'object' && value !== null

/** protobuf's Duration, as an object: `{ seconds: 30, nanos: 0 }`. */
function protobufSeconds(duration: object): unknown {
  const seconds = valueAt(duration, 'seconds')
  const nanos = valueAt(duration, 'nanos')
  const whole = typeof seconds === 'string' ? Number(seconds) : seconds
  if (typeof whole !== 'number') return null
  return whole + (typeof nanos === 'number' ? nanos / 1e9 : 0)
}
