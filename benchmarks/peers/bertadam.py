"""BertAdam as CLIP4Clip trains with it: Adam without bias correction, its own schedule, every tensor's gradient clipped."""

import math

import torch


class BertAdam(torch.optim.Optimizer):
    def __init__(self, groups, rate, warmup, total, betas=(0.9, 0.98), epsilon=1e-6, clip=1.0):
        super().__init__(groups, {"weight_decay": 0})
        self.rate, self.warmup, self.total = rate, warmup, total
        self.betas, self.epsilon, self.clip = betas, epsilon, clip
        self.steps = 0

    def scheduled_rate(self):
        """A linear start and then a cosine over the whole training, so it jumps where they meet, as published."""
        progress = self.steps / self.total
        if progress < self.warmup:
            return self.rate * progress / self.warmup
        return self.rate * 0.5 * (1 + math.cos(math.pi * progress))

    @torch.no_grad()
    def step(self):
        rate = self.scheduled_rate()
        for group in self.param_groups:
            for parameter in group["params"]:
                self.update(parameter, rate, group["weight_decay"])
        self.steps += 1

    def update(self, parameter, rate, decay):
        state = self.state[parameter]
        if not state:
            state["mean"] = torch.zeros_like(parameter)
            state["square"] = torch.zeros_like(parameter)
        torch.nn.utils.clip_grad_norm_(parameter, self.clip)
        first, second = self.betas
        state["mean"].mul_(first).add_(parameter.grad, alpha=1 - first)
        state["square"].mul_(second).addcmul_(parameter.grad, parameter.grad, value=1 - second)
        change = state["mean"] / (state["square"].sqrt() + self.epsilon)
        if decay > 0:
            change += decay * parameter
        parameter.sub_(rate * change)
