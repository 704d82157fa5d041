-- People, sessions, tokens: src/store/account.c, session.c, token.c.

-- name: account_add
INSERT INTO account (id, login, name, right, zone, password_hash, created_ms, disabled_ms)
VALUES (:id, :login, :name, :right, :zone, :password_hash, :created, :disabled);

-- name: account_by_login
SELECT id, login, name, right, zone, password_hash, created_ms AS created, disabled_ms AS disabled
FROM account WHERE login = :login;

-- name: account_by_id
SELECT id, login, name, right, zone, password_hash, created_ms AS created, disabled_ms AS disabled
FROM account WHERE id = :id;

-- name: account_list
SELECT id, login, name, right, zone, created_ms AS created, disabled_ms AS disabled
FROM account ORDER BY login;

-- name: account_count
SELECT count(*) AS count, coalesce(sum(password_hash <> '' AND disabled_ms = 0), 0) AS with_password FROM account;

-- name: account_other_admins
SELECT count(*) AS count FROM account WHERE right = 'admin' AND disabled_ms = 0 AND id <> :id;

-- name: account_set_disabled
UPDATE account SET disabled_ms = :disabled_ms WHERE id = :id;

-- name: account_set_right
UPDATE account SET right = :right WHERE id = :id;

-- name: account_set_password
UPDATE account SET password_hash = :password_hash WHERE id = :id;

-- name: account_set_name
UPDATE account SET name = :name, zone = :zone WHERE id = :id;

-- name: session_add
INSERT INTO session (id_hash, user, csrf, created_ms, seen_ms, expires_ms)
VALUES (:id_hash, :user, :csrf, :created, :seen, :expires);

-- name: session_find
SELECT s.user, a.login, a.name, a.zone, a.right, s.csrf, s.created_ms AS created, s.seen_ms AS seen,
       s.expires_ms AS expires
FROM session s JOIN account a ON a.id = s.user
WHERE s.id_hash = :id_hash AND s.expires_ms > :now_ms AND a.disabled_ms = 0;

-- name: session_touch
UPDATE session SET seen_ms = :seen_ms, expires_ms = :expires_ms WHERE id_hash = :id_hash;

-- name: session_close
DELETE FROM session WHERE id_hash = :id_hash;

-- name: session_close_all
DELETE FROM session WHERE user = :user;

-- name: session_sweep
DELETE FROM session WHERE expires_ms <= :now_ms;

-- name: token_add
INSERT INTO token (id, hash, user, name, scopes, created_ms, expires_ms, used_ms)
VALUES (:id, :hash, :user, :name, :scopes, :created, :expires, :used);

-- name: token_find
SELECT t.id, t.user, t.name, t.scopes, a.right, a.login, t.created_ms AS created, t.expires_ms AS expires,
       t.used_ms AS used
FROM token t JOIN account a ON a.id = t.user
WHERE t.hash = :hash AND (t.expires_ms = 0 OR t.expires_ms > :now_ms) AND a.disabled_ms = 0;

-- name: token_list
SELECT t.id, t.user, t.name, t.scopes, a.right, a.login, t.created_ms AS created, t.expires_ms AS expires,
       t.used_ms AS used
FROM token t JOIN account a ON a.id = t.user
WHERE :user = '' OR t.user = :user
ORDER BY t.created_ms, t.id;

-- name: token_touch
UPDATE token SET used_ms = :used_ms WHERE id = :id;

-- name: token_revoke
DELETE FROM token WHERE id = :id;

-- name: token_revoke_all
DELETE FROM token WHERE user = :user;
