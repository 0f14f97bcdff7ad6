import i18next, { type ResourceLanguage } from 'i18next'
import { initReactI18next } from 'react-i18next'

type Catalogue = { default: Record<string, unknown> }
const russian = import.meta.glob<Catalogue>(['../**/texts.ru.json'], { eager: true })
const english = import.meta.glob<Catalogue>(['../**/texts.en.json'])

const LANGUAGE = 'ekis-language'

/** src/features/support/texts.ru.json is the catalogue `support`. */
const nameOf = (path: string) => path.split('/').at(-2)!

async function loadEnglish() {
  for (const [path, load] of Object.entries(english)) {
    i18next.addResourceBundle('en', nameOf(path), (await load()).default)
  }
}

export async function setLanguage(language: 'ru' | 'en') {
  if (language === 'en') await loadEnglish()
  localStorage.setItem(LANGUAGE, language)
  document.documentElement.lang = language
  await i18next.changeLanguage(language)
}

export async function startTexts() {
  const ru: ResourceLanguage = {}
  for (const [path, catalogue] of Object.entries(russian)) ru[nameOf(path)] = catalogue.default as never
  await i18next.use(initReactI18next).init({
    lng: 'ru',
    fallbackLng: 'ru',
    resources: { ru },
    interpolation: { escapeValue: false },
  })
  if (localStorage.getItem(LANGUAGE) === 'en') await setLanguage('en')
}
