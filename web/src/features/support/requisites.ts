/** Check digits as they are typed; the server says the last word. Rules of the tax service's orders. */

const weighted = (digits: string, weights: number[]) =>
  (weights.reduce((sum, weight, place) => sum + weight * Number(digits[place]), 0) % 11) % 10

/** The key of a text that says what is wrong with an INN, or null. */
export function innTrouble(inn: string): string | null {
  if (/^\d{12}$/.test(inn)) return 'inn-person'
  if (!/^\d{10}$/.test(inn) || /^0+$/.test(inn)) return 'inn-length'
  return weighted(inn, [2, 4, 10, 3, 5, 9, 4, 6, 8]) === Number(inn[9]) ? null : 'inn-checksum'
}

export function kppTrouble(kpp: string): string | null {
  return /^\d{4}[\dA-Z]{2}\d{3}$/.test(kpp) ? null : 'kpp-format'
}

export function ogrnTrouble(ogrn: string): string | null {
  if (!/^\d{13}$/.test(ogrn)) return 'ogrn-length'
  return (Number(ogrn.slice(0, 12)) % 11) % 10 === Number(ogrn[12]) ? null : 'ogrn-checksum'
}
