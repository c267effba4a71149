import {isRecord} from './wire-error.js';

/**
Characters; a reply longer than this is not read as a whole.
*/
const longestWhole = 1_000_000;

/**
A reply that came in one piece, an answer of a server that does not stream or an error under a status of success, as a stream of one event, so that it is read like any other. Everything else stays as it is, a stream that is only called JSON too.
*/
export function streamOfWhole(response: Response): Response {
	const {body, headers} = response;

	return body && headers.get('content-type')?.includes('json')
		? new Response(ReadableStream.from(eventsOf(body)), response)
		: response;
}

async function* eventsOf(
	body: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
	const decoder = new TextDecoder();
	const encoder = new TextEncoder();
	let whole = '';
	let isStream = false;

	for await (const chunk of body) {
		whole += decoder.decode(chunk, {stream: true});
		// No line of a stream begins with a brace or a bracket.
		isStream ||= /^\s*[^\s{[]/.test(whole);

		if (isStream) {
			yield encoder.encode(whole);
			whole = '';
		} else if (whole.length > longestWhole) {
			return;
		}
	}

	if (whole.trim() !== '') {
		// A line break in JSON is only layout, but would end the event.
		const line = whole.replaceAll(/[\r\n]/g, ' ');
		yield encoder.encode(`${nameIn(line)}data: ${line}\n\n`);
	}
}

/**
The name of the event, without which Anthropic's client reads none.
*/
function nameIn(json: string): string {
	try {
		const body: unknown = JSON.parse(json);

		if (!isRecord(body)) {
			return '';
		}

		const {type, error} = body;
		const name = error === undefined ? type : 'error';
		return typeof name === 'string' && /^\w+$/.test(name)
			? `event: ${name}\n`
			: '';
	} catch {
		return '';
	}
}
