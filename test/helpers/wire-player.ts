import {Buffer} from 'node:buffer';
import {once} from 'node:events';
import {
	createServer,
	type IncomingMessage,
	type ServerResponse,
} from 'node:http';
import {type AddressInfo} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';

/**
What a server does with one request. Without an ending the answer ends as it should.
*/
export type Scene = {
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;

	/**
	Written one by one, each on its own.
	*/
	readonly body: readonly string[];

	/**
	How the pieces of the body stand for bytes; UTF-8 by default.
	*/
	readonly encoding?: 'base64';
	readonly ending?: 'end' | 'cut' | 'stall';

	/**
	Milliseconds before the headers, and between two pieces of the body.
	*/
	readonly latencyMs?: number;
	readonly betweenMs?: number;
};

export type SeenRequest = {
	readonly method: string;
	readonly path: string;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;

	/**
	The body as it came, and read as JSON; `{}` where there was none.
	*/
	readonly raw: string;
	readonly json: Readonly<Record<string, unknown>>;

	/**
	The model asked for; empty where none was.
	*/
	readonly model: string;

	/**
	Resolves when the connection closes: true when the client left before the answer was complete.
	*/
	readonly leftEarly: Promise<boolean>;
};

export type WirePlayer = {
	/**
	Ends in `/v1`.
	*/
	readonly url: string;
	readonly seen: SeenRequest[];
	readonly close: () => Promise<void>;
};

/**
A server on this machine that plays, to each request, the scene `choose` gives for it, byte for byte.
*/
export async function startWirePlayer(
	choose: (request: SeenRequest, index: number) => Scene,
): Promise<WirePlayer> {
	const seen: SeenRequest[] = [];

	const server = createServer((incoming, outgoing) => {
		void (async () => {
			const request = await readRequest(incoming, outgoing);
			seen.push(request);
			await play(choose(request, seen.length - 1), outgoing);
		})();
	});

	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;

	return {
		url: `http://127.0.0.1:${port}/v1`,
		seen,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

async function readRequest(
	incoming: IncomingMessage,
	outgoing: ServerResponse,
): Promise<SeenRequest> {
	const leftEarly = once(outgoing, 'close').then(
		() => !outgoing.writableFinished,
	);
	const chunks = (await incoming.toArray()) as Buffer[];
	const raw = Buffer.concat(chunks).toString();
	const json = (raw === '' ? {} : JSON.parse(raw)) as Record<string, unknown>;

	return {
		method: incoming.method ?? '',
		path: incoming.url ?? '',
		headers: incoming.headers,
		raw,
		json,
		model:
			typeof json['model'] === 'string'
				? json['model']
				: (/\/models\/([^:]+):/.exec(incoming.url ?? '')?.[1] ?? ''),
		leftEarly,
	};
}

async function play(scene: Scene, outgoing: ServerResponse): Promise<void> {
	if (scene.latencyMs !== undefined) {
		await sleep(scene.latencyMs, null, {ref: false});
	}

	outgoing.writeHead(scene.status ?? 200, {
		'content-type': 'text/event-stream',
		...scene.headers,
	});
	outgoing.flushHeaders();

	for (const [index, piece] of scene.body.entries()) {
		if (index > 0 && scene.betweenMs !== undefined) {
			await sleep(scene.betweenMs, null, {ref: false});
		}

		await new Promise<void>(resolve => {
			outgoing.write(piece, scene.encoding ?? 'utf8', () => {
				resolve();
			});
		});
	}

	switch (scene.ending ?? 'end') {
		case 'end': {
			outgoing.end();
			break;
		}

		case 'cut': {
			outgoing.socket?.destroy();
			break;
		}

		case 'stall': {
			break;
		}
	}
}
