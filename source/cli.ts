#!/usr/bin/env node
import {existsSync} from 'node:fs';
import module from 'node:module';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

declare const packageVersion: string;

const neededMajor = 22;
const major = Number(process.versions.node.split('.', 1)[0]);
const [first, ...others] = process.argv.slice(2);

// Answered before anything else is read: scripts ask for it often.
if (others.length === 0 && (first === '--version' || first === '-V')) {
	process.stdout.write(`${packageVersion}\n`);
} else if (major >= neededMajor) {
	module.enableCompileCache?.();
	const {main} = await import('./main.js');
	process.exitCode = await main(process.argv.slice(2), packageVersion);
} else {
	await useNewerNode();
}

/**
Hand over to the Node that stands in the project's own `node_modules`, where there is one.
*/
async function useNewerNode(): Promise<void> {
	const node = fileURLToPath(
		new URL('../node_modules/node/bin/node', import.meta.url),
	);

	if (!existsSync(node) || process.env['CONSORTIUM_TUI_NODE'] === node) {
		process.stderr.write(
			`consortium-tui needs Node ${neededMajor} or newer; this is ${process.version}. Newer ones: https://nodejs.org\n`,
		);
		process.exitCode = 2;
		return;
	}

	const {spawn} = await import('node:child_process');
	const child = spawn(node, process.argv.slice(1), {
		stdio: 'inherit',
		env: {...process.env, CONSORTIUM_TUI_NODE: node},
	});

	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => {
			// The terminal tells the child of an interrupt itself.
			if (signal !== 'SIGINT' || !process.stdin.isTTY) {
				child.kill(signal);
			}
		});
	}

	await new Promise<void>(resolve => {
		child.once('close', (code, signal) => {
			process.exitCode = code ?? (signal === 'SIGKILL' ? 137 : 1);
			resolve();
		});
	});
}
