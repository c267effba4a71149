import {createReadStream, existsSync, readFileSync} from 'node:fs';
import {once} from 'node:events';
import {createServer} from 'node:http';
import {type AddressInfo} from 'node:net';
import path from 'node:path';
import {runCommand} from './command.js';

type Manifest = {
	readonly name: string;
	readonly version: string;
	readonly dependencies?: Readonly<Record<string, string>>;
};

/**
The packages a project needs, and those that these need, as they are installed in its `node_modules`: their folders.
*/
export function installedFor(project: string): string[] {
	const folders = new Set<string>();
	const queue = [project];

	while (queue.length > 0) {
		const from = queue.pop()!;

		for (const name of Object.keys(manifestOf(from).dependencies ?? {})) {
			const folder = [from, project]
				.map(each => path.join(each, 'node_modules', name))
				.find(each => existsSync(each))!;

			if (!folders.has(folder)) {
				folders.add(folder);
				queue.push(folder);
			}
		}
	}

	return [...folders];
}

export const manifestOf = (folder: string) =>
	JSON.parse(
		readFileSync(path.join(folder, 'package.json'), 'utf8'),
	) as Manifest;

/**
A package registry on this machine that has these packages and no others, packed into `store`. Where to install from when nothing may come from elsewhere.
*/
export async function startRegistry(
	folders: readonly string[],
	store: string,
	env: Readonly<Record<string, string>>,
): Promise<{readonly url: string; readonly close: () => Promise<void>}> {
	const packages = await Promise.all(
		folders.map(async folder => {
			const manifest = manifestOf(folder);
			const {stdout} = await runCommand(
				['npm', 'pack', folder, '--ignore-scripts', '--silent'],
				{folder: store, env},
			);
			return {manifest, file: path.join(store, stdout.trim())};
		}),
	);

	const server = createServer(({url = '', headers}, response) => {
		const name = decodeURIComponent(url.slice(1));
		const packed = packages.find(({file}) => path.basename(file) === name);

		if (packed) {
			createReadStream(packed.file).pipe(response);
			return;
		}

		const asked = packages.find(({manifest}) => manifest.name === name);

		if (!asked) {
			response.writeHead(404).end('{}');
			return;
		}

		const {manifest, file} = asked;
		const tarball = `http://${headers.host}/${path.basename(file)}`;
		response.setHeader('content-type', 'application/json');
		response.end(
			JSON.stringify({
				name,
				'dist-tags': {latest: manifest.version},
				versions: {[manifest.version]: {...manifest, dist: {tarball}}},
			}),
		);
	});

	server.listen(0, '127.0.0.1');
	await once(server, 'listening');

	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
