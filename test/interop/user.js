/** The password of the users of the gateway's own tokens. */
export const password = 'correct horse';

/** Its bcrypt hash, at the least cost that is accepted. */
export const hash = '$2a$10$tsJQbwjhjirnbv/qVUVg5.FubkidfuqvhsR7jzJYSEfGBkDCt2tBy';
