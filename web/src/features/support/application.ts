import { useForm, type UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import type { components } from '../../api/generated/registry'
import { innTrouble, kppTrouble, ogrnTrouble } from './requisites'

export interface Application extends Record<string, unknown> {
  school: {
    inn: string
    kpp: string
    ogrn: string
    full_name: string
    short_name: string
    kind: string
    address: string
    phone: string
    email: string
    site: string
  }
  applicant: {
    last_name: string
    first_name: string
    patronymic: string
    post: string
    email: string
    phone: string
    ground: 'head' | 'authorised'
    order_no: string
  }
  consent: boolean
}

export type ApplicationForm = UseFormReturnType<Application>

/** What each step has to hold before the next one opens. */
export const FIELDS: string[][] = [
  ['school.inn', 'school.kpp', 'school.ogrn'],
  ['school.full_name', 'school.short_name', 'school.kind', 'school.address', 'school.phone', 'school.email'],
  ['applicant.last_name', 'applicant.first_name', 'applicant.post', 'applicant.email', 'applicant.order_no'],
  ['consent'],
]

/** The step of a field, for errors that the server sends back. */
export function stepOf(path: string): number {
  const found = FIELDS.findIndex((fields) => fields.includes(path))
  if (found >= 0) return found
  return path.startsWith('applicant') ? 2 : path.startsWith('school') ? 1 : 3
}

export function useApplication(): ApplicationForm {
  const { t } = useTranslation(['support', 'ui'])
  const say = (key: string | null) => (key ? t(`requisites.${key}`) : null)
  const filled = (value: string) => (value.trim() ? null : t('ui:required'))
  return useForm<Application>({
    initialValues: {
      school: {
        inn: '',
        kpp: '',
        ogrn: '',
        full_name: '',
        short_name: '',
        kind: '',
        address: '',
        phone: '',
        email: '',
        site: '',
      },
      applicant: {
        last_name: '',
        first_name: '',
        patronymic: '',
        post: '',
        email: '',
        phone: '',
        ground: 'head',
        order_no: '',
      },
      consent: false,
    },
    validateInputOnBlur: ['school.inn', 'school.kpp', 'school.ogrn'],
    validate: {
      school: {
        inn: (value) => say(innTrouble(value.trim())),
        kpp: (value) => say(kppTrouble(value.trim().toUpperCase())),
        ogrn: (value) => say(ogrnTrouble(value.trim())),
        full_name: filled,
        short_name: filled,
        kind: filled,
        address: filled,
        phone: filled,
        email: filled,
      },
      applicant: {
        last_name: filled,
        first_name: filled,
        post: filled,
        email: filled,
        order_no: (value, { applicant }) => (applicant.ground === 'authorised' ? filled(value) : null),
      },
      consent: (given) => (given ? null : t('consent-needed')),
    },
  })
}

export function asBody(values: Application, lang: 'ru' | 'en'): components['schemas']['ApplicationIn'] {
  const { school, applicant, consent } = values
  const ground = applicant.ground
  return {
    school: { ...school, kpp: school.kpp.toUpperCase(), site: school.site || null },
    applicant: {
      ...applicant,
      patronymic: applicant.patronymic || null,
      phone: applicant.phone || null,
      order_no: ground === 'authorised' ? applicant.order_no : null,
    },
    consent,
    lang,
  }
}
