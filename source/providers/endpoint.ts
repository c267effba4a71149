import {UserError} from '../core/user-error.js';

/**
The protocols we know.
*/
export const apis = ['chat', 'responses', 'anthropic', 'gemini'] as const;

/**
A server that speaks a protocol we know.
*/
export type Endpoint = {
	/**
	The provider part of `provider/model`.
	*/
	readonly name: string;

	/**
	As the server's documentation gives it, usually ending in `/v1`.
	*/
	readonly baseUrl: string;

	/**
	The environment variable that holds the key; null when the server asks for none.
	*/
	readonly keyEnv: string | null;
	readonly api: (typeof apis)[number];
};

/**
An address in the one form the rest of this room relies on: no slash at the end.

@throws UserError if it is not an http address, or carries a password.
*/
export function readBaseUrl(text: string, owner: string): string {
	const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;

	if (!url || !/^https?:$/.test(url.protocol)) {
		throw new UserError(
			`The base URL of ${owner} is not an http or https address.`,
			'Give it in full, such as http://localhost:11434/v1.',
		);
	}

	if (url.username !== '' || url.password !== '') {
		throw new UserError(
			`The base URL of ${owner} contains a user name or a password.`,
			'Leave them out, and give the key by an environment variable.',
		);
	}

	if (/[?#]/.test(text)) {
		throw new UserError(
			`The base URL of ${owner} has something behind its path.`,
			'Leave out what begins with ? or #, and give a key by an environment variable.',
		);
	}

	return url.href.replace(/\/$/, '');
}

/**
Whether an address never leaves this machine.
*/
export function isLoopback(baseUrl: string): boolean {
	const {hostname} = new URL(baseUrl);
	return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\])$/.test(
		hostname,
	);
}

/**
An address without the version its documentation may have put at its end: the clients of Anthropic and Gemini add their own.
*/
export function withoutVersion(baseUrl: string): string {
	return baseUrl.replace(/\/v\d\w*$/, '');
}
