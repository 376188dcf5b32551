import { STRING } from './any-value.ts'
import { type Captured, MOST_EACH } from './captured.ts'
import { SHORTEST_LIMIT_HEADER } from './limit-header.ts'
import { BUCKETS, FACT, type NameTable, READS } from './name-table.ts'

// The engine folds constants of a module's own, and looks imported ones up at each use.
const BUCKET = BUCKETS - 1
const { name: NAME, use: USE, chained: CHAINED } = FACT
const { ours: OURS, number: NUMBER, each: EACH, header: HEADER } = READS
const MOST = MOST_EACH
const TEXT_KIND = STRING
const SHORTEST = SHORTEST_LIMIT_HEADER

/**
 * Takes attribute after attribute as long as they are written as everybody writes them: key and value, or value and
 * key, with lengths of one byte; a string, a list of one string or a small number as the value; together filling
 * the message. Answers where it stopped, and whoever calls goes on from there.
 *
 * They are fields with the given tag: of a span, or (`fromEvent` is 1) of an exception, where few names count.
 *
 * This is where the time goes. Nothing is called in the loop, for after a call the engine has to look up every array
 * anew; and it does no more than the general way does (`Scanner.attribute`).
 */
export function usualAttributes(
  table: NameTable,
  captured: Captured,
  tag: number,
  fromEvent: number,
  start: number,
  end: number,
  most: number,
): number {
  const { bytes, view, places, numbers, ids, headers } = captured
  const { buckets, lengthFactor, lastFactor, middleFactor, facts, words } = table
  const bestKey = captured.bestKey - fromEvent
  let { attributes, idCount, headerCount, hasOurs } = captured
  let at = start
  // The shortest that is wanted here: two lengths and tags, eight bytes of key, two of value, two tags and lengths.
  while (at + 16 <= end && attributes < most) {
    // The attribute's tag and length, then the tag and length of what comes first in it.
    const head = view.getInt32(at, true)
    if ((head & 0x80ff) !== tag) break
    const from = at + 4
    const stop = at + 2 + ((head >> 8) & 0xff)
    const middle = from + (head >>> 24)
    // If the two parts fill a message of less than 128 bytes, their lengths take one byte each, too.
    if (stop > end || middle + 2 > stop) break
    const second = view.getUint16(middle, true)
    if (middle + 2 + (second >> 8) !== stop) break
    const order = ((head >> 8) & 0xff00) | (second & 0xff)
    let keyStart = from
    let keyEnd = middle
    let valueStart = middle + 2
    let valueEnd = stop
    if (order !== 0x0a12) {
      if (order !== 0x120a) break
      valueStart = from
      valueEnd = middle
      keyStart = middle + 2
      keyEnd = stop
    }

    // Which name is it? As NameTable.find, eight bytes at a time.
    const keySize = keyEnd - keyStart
    if (keySize < 8) break
    const hash =
      Math.imul(keySize, lengthFactor) +
      Math.imul(bytes[keyEnd - 1]!, lastFactor) +
      Math.imul(bytes[keyStart + (keySize >> 1)]!, middleFactor)
    let entry = buckets[(hash >>> 7) & BUCKET]! << 2
    for (; entry !== 0; entry = facts[entry + CHAINED]! << 2) {
      const name = facts[entry + NAME]!
      if ((name & 0xff) !== keySize) continue
      const word = name >> 8
      if (view.getFloat64(keyEnd - 8, true) !== words[word]) continue
      if (keySize > 8 && view.getFloat64(keyStart, true) !== words[word + 1]) continue
      if (keySize > 16 && view.getFloat64(keyStart + 8, true) !== words[word + 2]) continue
      if (keySize > 24 && view.getFloat64(keyStart + 16, true) !== words[word + 3]) continue
      let part = 24
      while (part < keySize - 8 && view.getFloat64(keyStart + part, true) === words[word + 1 + (part >> 3)])
        part += 8
      if (part >= keySize - 8) break
    }

    const use = facts[entry + USE]!
    if (entry !== 0 && ((use >> 4) & 1) >= fromEvent) {
      const valueSize = valueEnd - valueStart
      if (valueSize < 2) break
      const reads = use & 15
      const key = bestKey - ((use >> 7) & 0x1fe)
      const start = view.getUint16(valueStart, true)
      if (start === 0x0a + ((valueSize - 2) << 8) && valueSize > 2) valueStart += 2
      else if (reads === NUMBER && (start & 0xff) === 0x18) {
        let number = start >> 8
        if (valueSize === 3 && number > 127 && bytes[valueStart + 2]! < 128)
          number += (bytes[valueStart + 2]! << 7) - 128
        else if (valueSize !== 2 || number > 127) break
        // No number is wanted that may not be as large as two bytes hold.
        const meaning = use >> 16
        if (key >= places[meaning << 2]!) {
          places[meaning << 2] = key
          numbers[meaning] = number
        }
        attributes++
        at = stop
        continue
      } else if (
        start === 0x2a + ((valueSize - 2) << 8) &&
        valueSize > 6 &&
        bytes[valueStart + 2] === 0x0a &&
        bytes[valueStart + 3] === valueSize - 4 &&
        bytes[valueStart + 4] === 0x0a &&
        bytes[valueStart + 5] === valueSize - 6
      )
        valueStart += 6
      else break

      // A text, then.
      if (reads <= OURS) {
        const place = (use >> 16) << 2
        if (reads === OURS) hasOurs = true
        if (key >= places[place]!) {
          places[place] = key
          places[place + 1] = TEXT_KIND
          places[place + 2] = valueStart
          places[place + 3] = valueEnd
        }
      } else if (reads === EACH && idCount < MOST) {
        const place = idCount++ << 2
        ids[place] = (use >> 8) & 0xff
        ids[place + 1] = TEXT_KIND
        ids[place + 2] = valueStart
        ids[place + 3] = valueEnd
      } else if (reads === HEADER && headerCount < MOST) {
        const place = headerCount++ << 3
        headers[place] = (use >> 8) & 0xff
        headers[place + 1] = TEXT_KIND
        headers[place + 2] = valueStart
        headers[place + 3] = valueEnd
      } else break
    } else if (keySize >= SHORTEST) break
    attributes++
    at = stop
  }
  captured.attributes = attributes
  captured.hasOurs = hasOurs
  captured.idCount = idCount
  captured.headerCount = headerCount
  if (headerCount > 0) captured.hasLimits = true
  return at
}
