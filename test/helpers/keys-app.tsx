import process from 'node:process';
import {useEffect} from 'react';
import {render} from 'ink';
import {useKeys} from '../../source/ui/use-keys.js';

/**
Tells each key it hears as a line of JSON, until Ctrl+Q.
*/
function KeysApp({onEnd}: {readonly onEnd: () => void}) {
	useKeys(key => {
		process.stdout.write(`${JSON.stringify(key)}\n`);

		if (key.chord === 'ctrl+q') {
			onEnd();
		}
	});

	useEffect(() => {
		process.stdout.write('ready\n');
	}, []);

	return null;
}

const app = render(
	<KeysApp
		onEnd={() => {
			app.unmount();
		}}
	/>,
	{exitOnCtrlC: false},
);
