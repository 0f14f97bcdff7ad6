import i18next from 'i18next'

/** `1,4 МБ` of bytes. */
export function sizeOf(bytes: number): string {
  const [size, unit] =
    bytes >= 2 ** 20 ? [bytes / 2 ** 20, 'mb'] : [Math.max(1, Math.round(bytes / 2 ** 10)), 'kb']
  const shown = size.toLocaleString(i18next.language, { maximumFractionDigits: 1 })
  return `${shown} ${i18next.t(`ui:unit.${unit}`)}`
}
