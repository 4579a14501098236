/** What the token says, as this service understands it. */
export class TokenVerificationDto {
  /**
   * The token's `iss`.
   * @example "https://login.example.org/realms/partners"
   */
  issuer: string;

  /**
   * `client_id`, or else `azp`; without it the token is good for reading only.
   * @example "star-export"
   */
  clientId: string | null;

  /**
   * `client_name`, shown to people.
   * @example "STAR export"
   */
  clientName: string | null;

  /**
   * The scopes without the `partner:` ones.
   * @example ["create:jobs", "read:jobs"]
   */
  scopes: string[];

  /**
   * Codes of the partners that the token is good for.
   * @example ["demo"]
   */
  partners: string[];

  /**
   * RFC 3339, UTC.
   * @example "2026-01-31T12:00:00.000Z"
   */
  expiresAt: string;
}
