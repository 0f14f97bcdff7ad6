import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'

type Catalogue = { default: Record<string, unknown> }
const catalogues = import.meta.glob<Catalogue>('../**/texts.*.json')

const LANGUAGE = 'ekis-language'

/** src/features/support/texts.ru.json is the catalogue `support`, read when a page first needs it. */
const reader: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: (language, name, done) => {
    const path = Object.keys(catalogues).find((one) => one.endsWith(`/${name}/texts.${language}.json`))!
    catalogues[path]!().then(
      ({ default: texts }) => done(null, texts),
      (error: Error) => done(error, null),
    )
  },
}

export async function setLanguage(language: 'ru' | 'en') {
  localStorage.setItem(LANGUAGE, language)
  document.documentElement.lang = language
  await i18next.changeLanguage(language)
}

export async function startTexts() {
  await i18next
    .use(reader)
    .use(initReactI18next)
    .init({
      lng: 'ru',
      fallbackLng: 'ru',
      ns: ['ui'],
      interpolation: { escapeValue: false },
      showSupportNotice: false,
    })
  if (localStorage.getItem(LANGUAGE) === 'en') await setLanguage('en')
}
