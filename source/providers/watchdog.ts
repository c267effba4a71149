import {type Patience} from './patience.js';

export type Watchdog = {
	/**
	The silence that was too long, in milliseconds; null while there was none.
	*/
	readonly silenceMs: () => number | null;

	/**
	Send one request, watched until its headers are there.
	*/
	readonly request: (send: () => Promise<Response>) => Promise<Response>;

	/**
	The same reply, watched until its end. Every byte counts, comments that keep a connection alive too; time in which nobody reads does not.
	*/
	readonly reply: (response: Response) => Response;
};

/**
Notices a server that has gone silent, which the timeouts of the client do not once a reply has begun. `onStall` has to abort the request.
*/
export function createWatchdog(
	{firstMs, idleMs}: Patience,
	onStall: () => void,
): Watchdog {
	let silenceMs: number | null = null;
	let sentAt = 0;

	const within = async <Value>(
		{limitMs, leftMs}: {limitMs: number; leftMs: number},
		work: Promise<Value>,
	) => {
		let isPending = true;

		const timer = setTimeout(
			() => {
				// A process that was suspended runs its timers before it reads what arrived meanwhile.
				setImmediate(() => {
					if (!isPending) {
						return;
					}

					silenceMs = limitMs;
					onStall();
				});
			},
			Math.max(leftMs, 0),
		);

		try {
			return await work;
		} finally {
			isPending = false;
			clearTimeout(timer);
		}
	};

	return {
		silenceMs: () => silenceMs,

		async request(send) {
			sentAt = performance.now();
			return within({limitMs: firstMs, leftMs: firstMs}, send());
		},

		reply(response) {
			if (!response.body) {
				return response;
			}

			const reader: ReadableStreamDefaultReader<Uint8Array> =
				response.body.getReader();
			let hasBegun = false;

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
					} else {
						controller.enqueue(value);
					}
				},
				cancel: async reason => reader.cancel(reason),
			});

			return new Response(body, response);
		},
	};
}
