import { Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './Charts.module.css'
import { type Average, number, type Summary } from './exams'

const HIGHEST = { test: 100, mark: 5 }

/** The school beside its district and the city: a table whose last column is drawn. */
export function Comparison({ summary }: { summary: Summary }) {
  const { t } = useTranslation('exams')
  const groups = ['school', 'district', 'city'] as const
  return (
    <section aria-labelledby="comparison">
      <Title order={2} size="h3" id="comparison" mb="sm">
        {t(`average.${summary.score}`)}
      </Title>
      <table className={classes.comparison} aria-labelledby="comparison">
        <thead className={classes.spoken}>
          <tr>
            <th scope="col">{t('group')}</th>
            <th scope="col">{t(`average.${summary.score}`)}</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group}>
              <th scope="row">{t(`groups.${group}`)}</th>
              <td>
                <Value
                  of={summary[group]}
                  share={(summary[group].average ?? 0) / HIGHEST[summary.score]}
                  own={group === 'school'}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {summary.school.counted !== null && (
        <Text size="sm" c="dimmed" mt="xs">
          {t('counted', { count: summary.school.counted })}
        </Text>
      )}
    </section>
  )
}

function Value({ of, share, own }: { of: Average; share: number; own: boolean }) {
  const { t } = useTranslation('exams')
  if (of.average === null) return <Text c="dimmed">{t(`hidden.${of.hidden}`)}</Text>
  return (
    <div className={classes.line}>
      <span className={classes.value}>{number(of.average)}</span>
      <span className={classes.track} aria-hidden>
        <span className={classes.bar} data-own={own || undefined} style={{ width: `${100 * share}%` }} />
      </span>
    </div>
  )
}
