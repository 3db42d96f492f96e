cloudformation.delete_stack(StackName=STACK)
cloudformation.get_waiter("stack_delete_complete").wait(StackName=STACK)
