import { Anchor, Badge, Skeleton, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import classes from './Diary.module.css'
import { Rounding } from './Rounding'
import { LATER, STEPS, useProgress, useSchool } from './setup'

/** What a head sets up, step by step: what is done, and what comes next. */
export function Setup() {
  const { t } = useTranslation('diary')
  const school = useSchool()
  const { done, isPending, next } = useProgress(school)
  return (
    <Page title={t('setup')}>
      {school.known.isError && (
        <Trouble error={school.known.error} again={() => void school.known.refetch()} />
      )}
      {isPending ? <Skeleton h={320} /> : <Text>{t(next ? `next.${next}` : 'next.none')}</Text>}
      {!isPending && (
        <ol className={classes.list}>
          {STEPS.map((step, place) => (
            <li key={step}>
              <Link to={`/diary/setup/${step}` as never} aria-current={step === next ? 'step' : undefined}>
                <span className={classes.step} aria-hidden>
                  {place + 1}
                </span>
                {t(`step.${step}`)}
                {done[step] && <Badge color="green">{t('done')}</Badge>}
                {step === next && <Badge color="orange">{t('now')}</Badge>}
              </Link>
            </li>
          ))}
        </ol>
      )}
      <section aria-labelledby="later">
        <Title order={2} size="h3" id="later">
          {t('later')}
        </Title>
        <ul className={classes.list}>
          {LATER.map((step) => (
            <li key={step}>
              <Anchor component={Link} to={`/diary/setup/${step}` as never}>
                {t(`step.${step}`)}
              </Anchor>
            </li>
          ))}
        </ul>
      </section>
      <Rounding />
    </Page>
  )
}
