// Types of the four services' HTTP surfaces, from openapi/*.json into src/api/generated/.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import openapi, { astToString } from 'openapi-typescript'

const TARGET = new URL('../src/api/generated/', import.meta.url)

await mkdir(TARGET, { recursive: true })
for (const service of ['registry', 'identity', 'cabinet', 'notify']) {
  const source = new URL(`../openapi/${service}.json`, import.meta.url)
  const tree = await openapi(JSON.parse(await readFile(source, 'utf8')))
  await writeFile(new URL(`${service}.d.ts`, TARGET), astToString(tree))
}
