-- Other addresses under which an article came in.

create view url_aliases as
with met as (
    select
        url,
        article_id,
        fetched_at,
        if(url = final_url, 'declared', 'redirect') as kind
    from internal.captures
    where article_id is not null
    union all
    select
        final_url as url,
        article_id,
        fetched_at,
        'declared' as kind
    from internal.captures
    where
        article_id is not null
        and url <> final_url
),

aliases as (
    select
        met.url,
        articles.url as canonical_url,
        met.article_id,
        if(
            met.kind = 'declared' and regexp_matches(met.url, '(?i)[/.?&=](amp|print(able)?)\b'),
            'variant',
            met.kind
        ) as kind,
        met.fetched_at
    from met
    inner join articles using (article_id)
    where met.url <> articles.url
)

select
    url,
    canonical_url,
    article_id,
    max(kind) as kind,
    min(fetched_at) as first_seen_at
from aliases
group by
    url,
    canonical_url,
    article_id;

comment on view url_aliases is 'Other addresses of articles: what redirects to them, AMP and print pages, and pages that name them as their own address.';
comment on column url_aliases.url is 'The other address, as it was asked for or as a redirect led to it.';
comment on column url_aliases.canonical_url is 'The URL that the article is filed under.';
comment on column url_aliases.article_id is 'The article.';
comment on column url_aliases.kind is 'redirect (it leads elsewhere), variant (an AMP or print page) or declared (its page names the other as its own).';
comment on column url_aliases.first_seen_at is 'When it was first fetched.';
