import { useTranslation } from 'react-i18next'
import { When } from '../../ui/When'
import type { Signature } from './documents'
import classes from './Matrix.module.css'

/** Names at the left and headings above stay while it scrolls, with the keyboard too. */
export function MatrixTable({ people }: { people: Signature[] }) {
  const { t } = useTranslation('documents')
  return (
    <div className={classes.box} tabIndex={0} role="region" aria-label={t('matrix')}>
      <table className={classes.table}>
        <caption>{t('matrix-caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('person')}</th>
            <th scope="col">{t('post')}</th>
            <th scope="col">{t('acknowledgement')}</th>
            <th scope="col" className={classes.signature}>
              {t('signature')}
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((one) => (
            <tr key={one.person_id} className={one.acknowledged ? undefined : classes.missing}>
              <th scope="row">{one.name}</th>
              <td>{one.post ?? '—'}</td>
              <td>
                <Mark of={one} />
              </td>
              <td className={classes.signature} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Mark({ of: { acknowledged, has_cabinet, is_former } }: { of: Signature }) {
  const { t } = useTranslation('documents')
  if (acknowledged) {
    return (
      <>
        ✓ <When at={acknowledged.at} />, {t('mark-version', { no: acknowledged.version })}
        <span className={classes.hash}>{acknowledged.sha256}</span>
      </>
    )
  }
  return <span className={classes.screen}>{t(has_cabinet || is_former ? 'mark-no' : 'mark-no-cabinet')}</span>
}
