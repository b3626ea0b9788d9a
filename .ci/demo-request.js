/** A request of the example estate that is allowed, as a gateway puts it once it has verified the token, the certificate and the path. */

/** @returns a function that gives it for the present moment: its token was issued just now */
export function exampleRequest() {
  const thumbprint = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2";
  return () => {
    const now = Math.floor(Date.now() / 1000);
    return {
      token: {
        iss: "https://id.example.com",
        sub: "spiffe://example.org/ns/payments/sa/worker",
        aud: "https://apis.example.com",
        iat: now - 5,
        exp: now + 600,
        jti: "t-8712",
        scope: "orders:write orders:refund",
        region: "eu",
        tenant: "t1",
        cnf: { "x5t#S256": thumbprint },
      },
      peer: { "x5t#S256": thumbprint },
      request: {
        host: "orders.example.com",
        method: "POST",
        path: "/v1/tenants/t1/orders/9/refunds",
        ip: "198.51.100.7",
      },
    };
  };
}
