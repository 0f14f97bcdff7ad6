import { useTranslation } from 'react-i18next'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { useListing } from '../../ui/useListing'
import { CityHeadlines } from './CityHeadlines'
import { loadCityNews } from './cityNews'

/** All news that everybody may read. */
export function CityNews() {
  const { t } = useTranslation('support')
  const listed = useListing(['city-news', 'list'], loadCityNews)
  return (
    <Page title={t('city-news.title')}>
      <Listing listed={listed} empty={t('city-news.empty')}>
        {(items) => <CityHeadlines items={items} />}
      </Listing>
    </Page>
  )
}
