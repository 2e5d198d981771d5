/** The CSRF token of the cookie. It changes when somebody signs in in any tab, so read it for each request. */
export const csrfToken = () => /(?:^|; )(?:__Host-)?csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";
