import {LLMock} from '@copilotkit/aimock';

/**
A mock of the providers' servers on a free port of this machine. It starts empty: add what it is to answer.
*/
export async function startMockServer(): Promise<{
	/**
	Ends in `/v1`.
	*/
	readonly url: string;
	readonly mock: LLMock;
	readonly close: () => Promise<void>;
}> {
	const mock = new LLMock({port: 0, logLevel: 'silent'});
	await mock.start();

	return {
		url: `${mock.url}/v1`,
		mock,
		close: async () => mock.stop(),
	};
}
