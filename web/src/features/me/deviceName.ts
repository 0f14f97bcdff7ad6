const SYSTEMS: [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
]
// The order matters: browsers call themselves by the names of others too
const BROWSERS: [RegExp, string][] = [
  [/YaBrowser/, 'Яндекс Браузер'],
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]

/** `Chrome, Android` of what the browser said of itself at the sign-in. */
export function deviceName(said: string | null | undefined): string | null {
  if (!said) return null
  const first = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(said))?.[1]
  return [first(BROWSERS), first(SYSTEMS)].filter(Boolean).join(', ') || said.slice(0, 60)
}
