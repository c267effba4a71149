import {type Import} from './imports.js';

type Room = {
	readonly rooms: readonly string[];

	/**
	Packages; `node:` stands for all of Node's own modules.
	*/
	readonly packages: readonly string[];
};

/**
What each room may import beside itself. The files directly in `source/` are rooms of their own.
*/
const rooms: Readonly<Record<string, Room>> = {
	core: {rooms: [], packages: []},
	providers: {
		rooms: ['core'],
		packages: [
			'node:',
			'openai',
			'@anthropic-ai/sdk',
			'@google/generative-ai',
			'eventsource-parser',
			'@pydantic/genai-prices',
			'undici',
		],
	},
	store: {rooms: ['core'], packages: ['node:', 'better-sqlite3']},
	config: {rooms: ['core'], packages: ['node:', 'conf', 'env-paths']},
	text: {
		rooms: ['core'],
		packages: ['cli-truncate', 'marked', 'string-width', 'wrap-ansi'],
	},
	output: {rooms: ['core', 'text'], packages: ['node:']},
	observers: {rooms: ['core', 'text'], packages: ['node:']},
	ui: {
		rooms: ['core', 'text'],
		packages: ['ink', 'react', 'ink-spinner', 'ink-text-input'],
	},
	commands: {
		rooms: [
			'core',
			'providers',
			'store',
			'config',
			'text',
			'output',
			'observers',
			'ui',
			'prompts.ts',
			'world.ts',
		],
		packages: ['node:', 'meow'],
	},
	'cli.ts': {rooms: ['main.ts'], packages: ['node:']},
	'main.ts': {rooms: ['commands', 'core'], packages: ['node:']},
	'index.ts': {
		rooms: ['core', 'providers', 'observers', 'prompts.ts', 'world.ts'],
		packages: ['node:'],
	},
	'prompts.ts': {rooms: ['core'], packages: ['node:']},
	'world.ts': {rooms: ['core'], packages: ['node:', 'ulid']},
};

const roomOf = (file: string) => file.split('/', 1)[0]!;

/**
The imports that go where they must not, as `from → to`.
*/
export function wrongDirections(imports: readonly Import[]): string[] {
	return imports
		.filter(({from, to}) => {
			const room = rooms[roomOf(from)];

			if (!room) {
				return true;
			}

			return /\.tsx?$/v.test(to)
				? roomOf(to) !== roomOf(from) && !room.rooms.includes(roomOf(to))
				: room.packages.every(name =>
						name.endsWith(':')
							? !to.startsWith(name)
							: to !== name && !to.startsWith(`${name}/`),
					);
		})
		.map(({from, to}) => `${from} → ${to}`);
}

/**
The files that reach themselves by following imports.
*/
export function cycles(imports: readonly Import[]): string[] {
	const next = Map.groupBy(imports, ({from}) => from);
	const files = next.keys().toArray();

	return files.filter(start => {
		const seen = new Set<string>();
		const queue = [start];

		while (queue.length > 0) {
			for (const {to} of next.get(queue.pop()!) ?? []) {
				if (!seen.has(to)) {
					seen.add(to);
					queue.push(to);
				}
			}
		}

		return seen.has(start);
	});
}
