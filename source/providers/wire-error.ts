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
Read an error of a client, which is not told apart by its class but by its fields, or the same fields of an answer that is still to reach the client. Null for anything else.
*/
export function readWireError(thrown: unknown): WireError | null {
	if (!isRecord(thrown) || !('error' in thrown)) {
		return null;
	}

	const {status, headers, message} = thrown;
	// Anthropic's client gives the whole body, the others what is in it.
	const error = innerOf(thrown['error']);

	if (status === undefined && error === undefined) {
		return null;
	}

	const known = headers instanceof Headers ? headers : new Headers();

	return {
		status:
			[status, isRecord(error) ? error['code'] : null].find(number =>
				isErrorStatus(number),
			) ?? null,
		isInStream: status === undefined,
		code: codesIn(error).join(' '),
		text:
			error === undefined && typeof message === 'string'
				? plainText(message)
				: textOf(error),
		requestId: known.get('x-request-id') ?? known.get('request-id'),
		retryAfterMs: retryAfterMs(known) ?? retryInfoMs(error),
	};
}

function innerOf(error: unknown): unknown {
	return isRecord(error) && isRecord(error['error']) ? error['error'] : error;
}

/**
The details of an error: one record from Anthropic, a list of them from Gemini.
*/
function detailsOf(error: unknown): Array<Record<string, unknown>> {
	const details = isRecord(error) ? error['details'] : null;
	return [details].flat().filter(detail => isRecord(detail));
}

/**
Every word in an error that is meant for programs.
*/
function codesIn(error: unknown): string[] {
	if (!isRecord(error)) {
		return [];
	}

	const details = detailsOf(error);
	const violations = details
		.flatMap(({violations: each}): unknown => each)
		.filter(violation => isRecord(violation));

	return [
		error['code'],
		error['type'],
		error['status'],
		...details.flatMap(detail => [detail['error_code'], detail['reason']]),
		...violations.map(violation => violation['quotaId']),
	].filter(word => typeof word === 'string');
}

/**
The wait that Gemini asks for, in the details of its error: `37s`.
*/
export function retryInfoMs(error: unknown): number | null {
	const delays = detailsOf(error).map(detail =>
		/^(\d+(?:\.\d+)?)s$/.exec(String(detail['retryDelay'])),
	);
	const seconds = delays.find(delay => delay !== null)?.[1];
	return seconds === undefined ? null : Number(seconds) * 1000;
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
