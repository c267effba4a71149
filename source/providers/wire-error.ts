/**
What a server said went wrong, wherever it said it.
*/
export type WireError = {
	/**
	Of the HTTP answer, or the one a server names inside its stream; null where there is none.
	*/
	readonly status: number | null;

	/**
	The error came inside a stream that had begun.
	*/
	readonly isInStream: boolean;
	readonly code: string;
	readonly text: string;
	readonly requestId: string | null;

	/**
	How long the server asks to wait; null when it does not say.
	*/
	readonly retryAfterMs: number | null;
};

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

/**
The wait a server asks for, in milliseconds; null when it asks for none.
*/
export function retryAfterMs(headers: Headers): number | null {
	const milliseconds = Number(headers.get('retry-after-ms') ?? 'none');

	if (milliseconds >= 0) {
		return milliseconds;
	}

	const text = headers.get('retry-after') ?? '';
	const wait = /^[\d.]+$/.test(text)
		? Number(text) * 1000
		: Date.parse(text) - Date.now();

	return wait >= 0 ? wait : null;
}

/**
The words for a person in an error of any of the shapes servers use.
*/
function textOf(error: unknown): string {
	let words = error;

	while (isRecord(words)) {
		words = Array.isArray(words)
			? (words as unknown[])[0]
			: (words['message'] ?? words['msg'] ?? words['detail'] ?? words['error']);
	}

	return typeof words === 'string' ? words : '';
}

/**
Read an error of the OpenAI client, which is not told apart by its class but by its fields, or the same fields of an answer that is still to reach the client. Null for anything else.
*/
export function readWireError(thrown: unknown): WireError | null {
	if (!isRecord(thrown) || !('error' in thrown)) {
		return null;
	}

	const {status, error, headers, message} = thrown;

	if (status === undefined && error === undefined) {
		return null;
	}

	const {code, type} = isRecord(error)
		? error
		: {code: undefined, type: undefined};
	const known = headers instanceof Headers ? headers : new Headers();

	return {
		status: [status, code].find(number => isErrorStatus(number)) ?? null,
		isInStream: status === undefined,
		code: [code, type].filter(part => typeof part === 'string').join(' '),
		text:
			error === undefined && typeof message === 'string'
				? plainText(message)
				: textOf(error),
		requestId: known.get('x-request-id'),
		retryAfterMs: retryAfterMs(known),
	};
}

function isErrorStatus(value: unknown): value is number {
	return typeof value === 'number' && value >= 300 && value < 600;
}

/**
A body that is not JSON: a line of words, or a page or a dump nobody wants to read.
*/
function plainText(body: string): string {
	return /[<[{]/.test(body) ? '' : body.replace(/^\d{3} /, '');
}
