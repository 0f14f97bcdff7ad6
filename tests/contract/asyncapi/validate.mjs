// The official parser's opinion of the document on stdin: its diagnostics and its channels as JSON.
import { text } from 'node:stream/consumers'
import { Parser } from '@asyncapi/parser'

const { document, diagnostics } = await new Parser().parse(await text(process.stdin))
const found = diagnostics.map(({ severity, code, path, message }) => ({
  severity,
  code,
  path: path.join('/'),
  message,
}))
const channels =
  document
    ?.channels()
    .all()
    .map((one) => one.id()) ?? []
console.log(JSON.stringify({ diagnostics: found, channels }))
