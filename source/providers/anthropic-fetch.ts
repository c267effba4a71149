import type {createParser} from 'eventsource-parser';
import {isRecord} from './wire-error.js';

/**
A `fetch` whose replies Anthropic's client can read: it skips events without a name, and where a use is missing, which is not everybody's to tell, it breaks off and loses the rest.
*/
export function createAnthropicFetch(
	watchedFetch: typeof fetch,
	create: typeof createParser,
): typeof fetch {
	return async (url, init) => {
		const response = await watchedFetch(url, init);

		return response.ok && response.body
			? new Response(
					ReadableStream.from(completeEvents(response.body, create)),
					response,
				)
			: response;
	};
}

async function* completeEvents(
	body: ReadableStream<Uint8Array>,
	create: typeof createParser,
): AsyncGenerator<Uint8Array, void, void> {
	const events: string[] = [];
	const parser = create({
		onEvent({event, data}) {
			events.push(completed(event, data));
		},
	});
	const decoder = new TextDecoder();
	const encoder = new TextEncoder();

	function* taken() {
		if (events.length > 0) {
			yield encoder.encode(events.splice(0).join(''));
		}
	}

	for await (const bytes of body) {
		parser.feed(decoder.decode(bytes, {stream: true}));
		yield* taken();
	}

	// Not everybody ends the last event.
	parser.feed(`${decoder.decode()}\n\n`);
	yield* taken();
}

function completed(event: string | undefined, data: string): string {
	// Most events are pieces of text, which nothing can be missing in.
	if (
		event !== undefined &&
		!/^(?:message|message_start|message_delta|content_block_start)$/.test(event)
	) {
		return eventOf(event, data);
	}

	const value = valueIn(data);

	if (!isRecord(value)) {
		return eventOf(event ?? '', data);
	}

	const type =
		event ?? (typeof value['type'] === 'string' ? value['type'] : '');
	return withDefaults(type, value)
		.map(each => eventOf(each.type, JSON.stringify(each)))
		.join('');
}

const eventOf = (event: string, data: string) =>
	`${/^\w+$/.test(event) ? `event: ${event}\n` : ''}data: ${data.replaceAll('\n', ' ')}\n\n`;

function valueIn(data: string): unknown {
	try {
		return JSON.parse(data);
	} catch {
		// The client says what it thinks of it.
		return null;
	}
}

type Event = Readonly<Record<string, unknown>> & {readonly type: string};

function withDefaults(
	type: string,
	value: Readonly<Record<string, unknown>>,
): Event[] {
	const event = {...value, type};
	const {message, usage, index, content_block: block} = value;

	switch (type) {
		case 'message_start': {
			return [
				isRecord(message)
					? {
							...event,
							message: {
								...message,
								content: Array.isArray(message['content'])
									? message['content']
									: [],
								usage: isRecord(message['usage']) ? message['usage'] : {},
							},
						}
					: event,
			];
		}

		case 'message_delta': {
			return [
				isRecord(usage) ? event : {...event, usage: {output_tokens: null}},
			];
		}

		// Text is read from what comes after the beginning of a block.
		case 'content_block_start': {
			return isRecord(block) &&
				block['type'] === 'text' &&
				typeof block['text'] === 'string' &&
				block['text'] !== ''
				? [
						{...event, content_block: {...block, text: ''}},
						{
							type: 'content_block_delta',
							index,
							delta: {type: 'text_delta', text: block['text']},
						},
					]
				: [event];
		}

		default: {
			return [event];
		}
	}
}
