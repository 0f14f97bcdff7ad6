import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { short } from './Grid'
import classes from './Pad.module.css'
import type { Chosen, Sheet } from './sheet'

const MARKS = ['5', '4', '3', '2']
const CODES = ['н', 'б', 'у', 'о', '+']

interface Props {
  sheet: Sheet
  onType: (chosen: Chosen, key: string) => boolean
  onDetails: (chosen: Chosen) => void
  onDown: (chosen: Chosen) => void
}

/** Big buttons for the chosen cell; they leave the focus where it is, so that keys go on working. */
export function Pad({ sheet, onType, onDetails, onDown }: Props) {
  const { t } = useTranslation('diary')
  const chosen = useSyncExternalStore(sheet.onChoose, sheet.lastChosen)
  const pupil = chosen && sheet.pupils[chosen.pupil]
  const lesson = chosen && sheet.lessons[chosen.lesson]
  if (!chosen || !pupil || !lesson) return null
  const key = (press: string, text: string, name: string) => (
    <button
      key={press}
      type="button"
      aria-label={name}
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => onType(chosen, press)}
    >
      {text}
    </button>
  )
  return (
    <section className={classes.pad} aria-label={t('pad')}>
      <p className={classes.who}>
        {pupil.last_name} {pupil.first_name}, {short(lesson.date)}
      </p>
      <div className={classes.keys}>
        {MARKS.map((mark) => key(mark, mark, t('pad-mark', { mark })))}
        {CODES.map((code) =>
          key(code, t(`code.${code}`), `${t(`code.${code}`)}, ${t(`code-means.${code}`)}`),
        )}
        {key('Delete', '⌫', t('pad-empty'))}
        <button type="button" aria-label={t('details')} onClick={() => onDetails(chosen)}>
          …
        </button>
        <button
          type="button"
          aria-label={t('pad-down')}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onDown(chosen)}
        >
          ↓
        </button>
      </div>
    </section>
  )
}
