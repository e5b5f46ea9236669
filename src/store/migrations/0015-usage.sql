-- Who used what, by day: counted from the signed statements together with the record of entries, in one transaction, so that
-- neither is ahead of the other. What a statement does not say, because the public log has no use for it, stands beside it.

-- {"key","project","energyMicroWh","co2MicroGrams"} as JSON in UTF-8; never signed.
ALTER TABLE intent ADD COLUMN account bytea;
ALTER TABLE decision ADD COLUMN account bytea;

ALTER TABLE api_key ADD COLUMN project text;

-- Names that are missing are empty, so that they can be part of the key. Amounts are millionths: of the currency, of a
-- watt-hour, of a gram.
CREATE TABLE usage_day (
  day              date NOT NULL,
  tenant           text NOT NULL,
  project          text NOT NULL,
  key              text NOT NULL,
  purpose          text NOT NULL,
  model            text NOT NULL,
  backend          text NOT NULL,
  currency         text NOT NULL,
  site             text NOT NULL,
  operator         text NOT NULL,
  requests         bigint NOT NULL,
  retries          bigint NOT NULL,
  refused          bigint NOT NULL,
  failed           bigint NOT NULL,
  tokens_in        bigint NOT NULL,
  tokens_out       bigint NOT NULL,
  money_micros     bigint NOT NULL,
  energy_micro_wh  bigint NOT NULL,
  co2_micro_grams  bigint NOT NULL,
  -- Of the requests: those whose tokens nobody but us counted.
  counted          bigint NOT NULL,
  PRIMARY KEY (day, tenant, project, key, purpose, model, backend, currency)
) WITH (fillfactor = 80);
