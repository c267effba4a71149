import {type Patience} from './patience.js';

export type Watchdog = {
	/**
	The silence that was too long, in milliseconds; null while there was none.
	*/
	readonly silenceMs: () => number | null;

	/**
	Whether the reply became larger than any answer could be.
	*/
	readonly isFlooded: () => boolean;

	/**
	Send one request, watched until its headers are there.
	*/
	readonly request: (send: () => Promise<Response>) => Promise<Response>;

	/**
	The same reply, watched until its end. Every byte counts, comments that keep a connection alive too; time in which nobody reads does not. A status that no reply can have is one of a broken gateway, 502.
	*/
	readonly reply: (response: Response) => Response;

	/**
	Let whoever waits for the server go on with an error. A read that is aborted may never settle: right before the end of a reply, or in one whose compression is broken.
	*/
	readonly giveUp: () => void;

	/**
	Watch no more: the call is over.
	*/
	readonly stop: () => void;
};

/**
Bytes; the client keeps all of a line before it reads it.
*/
const longestLine = 16_000_000;
const longestReply = 256_000_000;
const newline = 10;

/**
Notices a server that has gone silent, which the timeouts of the client do not once a reply has begun, and one that floods. `onTrouble` has to abort the request.
*/
export function createWatchdog(
	{firstMs, idleMs}: Patience,
	onTrouble: () => void,
): Watchdog {
	let silenceMs: number | null = null;
	let sentAt = 0;
	let isFlooded = false;
	let isOver = false;
	let timer: NodeJS.Timeout | undefined;
	let giveUp: (reason: unknown) => void = () => {};

	const within = async <Value>(
		{limitMs, leftMs}: {limitMs: number; leftMs: number},
		work: Promise<Value>,
	) => {
		if (isOver) {
			return work;
		}

		let isPending = true;

		timer = setTimeout(
			() => {
				// A process that was suspended runs its timers before it reads what arrived meanwhile.
				setImmediate(() => {
					if (!isPending || isOver) {
						return;
					}

					silenceMs = limitMs;
					onTrouble();
				});
			},
			Math.max(leftMs, 0),
		);

		try {
			const {promise, resolve, reject} = Promise.withResolvers<Value>();
			giveUp = reject;
			void settle(work, {resolve, reject});
			return await promise;
		} finally {
			isPending = false;
			clearTimeout(timer);
		}
	};

	const settle = async <Value>(
		work: Promise<Value>,
		{resolve, reject}: Pick<PromiseWithResolvers<Value>, 'resolve' | 'reject'>,
	) => {
		try {
			resolve(await work);
		} catch (error) {
			reject(error);
		}
	};

	return {
		silenceMs: () => silenceMs,
		isFlooded: () => isFlooded,

		giveUp() {
			giveUp(new DOMException('The request was aborted.', 'AbortError'));
		},

		stop() {
			isOver = true;
			clearTimeout(timer);
		},

		async request(send) {
			sentAt = performance.now();
			return within({limitMs: firstMs, leftMs: firstMs}, send());
		},

		reply(response) {
			const {status, headers} = response;
			const init = {
				status: status >= 200 && status < 600 ? status : 502,
				headers,
			};

			if (!response.body) {
				return new Response(null, init);
			}

			const reader: ReadableStreamDefaultReader<Uint8Array> =
				response.body.getReader();
			let hasBegun = false;
			let lineBytes = 0;
			let replyBytes = 0;

			const body = new ReadableStream<Uint8Array>({
				async pull(controller) {
					const wait = hasBegun
						? {limitMs: idleMs, leftMs: idleMs}
						: {
								limitMs: firstMs,
								leftMs: firstMs - (performance.now() - sentAt),
							};
					const {done, value} = await within(wait, reader.read());
					hasBegun = true;

					if (done) {
						controller.close();
						return;
					}

					const ended = value.lastIndexOf(newline);
					lineBytes =
						ended === -1 ? lineBytes + value.length : value.length - ended - 1;
					replyBytes += value.length;

					if (lineBytes > longestLine || replyBytes > longestReply) {
						isFlooded = true;
						onTrouble();
						throw new RangeError('The reply is too large.');
					}

					controller.enqueue(value);
				},
				cancel(reason) {
					// It may never settle, either.
					void reader.cancel(reason).catch(() => {});
				},
			});

			return new Response(body, init);
		},
	};
}
